"""Pydantic AI 1 with the conventions of its first versions: messages in lists of events, or as log records."""

import os

import pydantic_weather
import telemetry
from opentelemetry._events import set_event_logger_provider
from opentelemetry._logs import get_logger_provider
from opentelemetry.sdk._events import EventLoggerProvider
from pydantic_ai import Agent
from pydantic_ai.models.instrumented import InstrumentationSettings

stop = telemetry.start("pydantic-ai-recording")
set_event_logger_provider(EventLoggerProvider(get_logger_provider()))
version, mode = os.environ["CONVENTIONS"].split()
Agent.instrument_all(InstrumentationSettings(version=int(version), event_mode=mode))
pydantic_weather.converse()
stop()
