"""Pydantic AI 2, in the version of its conventions that the environment names."""

import os

import pydantic_weather
import telemetry
from pydantic_ai import Agent
from pydantic_ai.models.instrumented import InstrumentationSettings

stop = telemetry.start("pydantic-ai-recording")
Agent.instrument_all(InstrumentationSettings(version=int(os.environ["CONVENTIONS"])))
pydantic_weather.converse()
stop()
