"""Anthropic's client for Python, with spans of its own, under the instrumentation that the environment names."""

import importlib
import os

import anthropic
import telemetry

stop = telemetry.start("python-anthropic-recording")
if "INSTRUMENTATION" in os.environ:
    module = importlib.import_module(f"{os.environ['INSTRUMENTATION']}.instrumentation.anthropic")
    module.AnthropicInstrumentor().instrument()

client = anthropic.Anthropic(max_retries=0)
tools = [
    {
        "name": "get_weather",
        "description": "Weather of a city",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }
]
messages = [{"role": "user", "content": "How warm is it in Lisbon?"}]
first = client.messages.create(
    model="claude-sonnet-5", max_tokens=500, system="Be short.", messages=messages, tools=tools
)
messages.append({"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in first.content]})
result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "21 degrees"}
messages.append({"role": "user", "content": [result]})
client.messages.create(model="claude-sonnet-5", max_tokens=500, system="Be short.", messages=messages, tools=tools)
stop()
