"""OpenTelemetry's own instrumentation of OpenAI's client for Python; the environment says which conventions."""

import telemetry
import weather_chat
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor

stop = telemetry.start("python-openai-recording")
OpenAIInstrumentor().instrument()
weather_chat.converse()
stop()
