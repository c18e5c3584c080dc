/** Short news that needs no answer. The newest replaces the one before. */
const visibleMs = 3000;

let text = $state('');
let timer: ReturnType<typeof setTimeout> | undefined;

export const toast = {
  get text(): string {
    return text;
  },
};

export function showToast(message: string): void {
  text = message;
  clearTimeout(timer);
  timer = setTimeout(() => (text = ''), visibleMs);
}
