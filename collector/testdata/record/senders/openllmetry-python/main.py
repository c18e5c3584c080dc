"""OpenLLMetry's instrumentation of OpenAI's client for Python."""

import telemetry
import weather_chat
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

stop = telemetry.start("openllmetry-python-recording")
OpenAIInstrumentor().instrument()
weather_chat.converse()
stop()
