import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { skeletonUrl } from './api.ts';
import { navigation } from './navigation.svelte.ts';
import { preloadTrace } from './trace/waterfall/load-trace.ts';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
// What takes longest is asked for first: a trace is on its way while the page that draws it is still loaded.
const { route } = navigation;
if (route.page === 'trace') preloadTrace(skeletonUrl(route.project, route.traceId));
// In a task of its own: reading the code and drawing the page are each long enough.
setTimeout(() => mount(App, { target }));
