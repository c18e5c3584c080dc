"""Strands Agents for Python; the environment says which conventions."""

import telemetry
from strands import Agent, tool
from strands.models.openai import OpenAIModel

stop = telemetry.start("strands-python-recording")


@tool
def get_weather(city: str) -> str:
    """Weather of a city"""
    return f"21 degrees in {city}"


Agent(
    model=OpenAIModel(model_id="gpt-5-mini"),
    name="forecaster",
    system_prompt="Be short.",
    tools=[get_weather],
    callback_handler=None,
)("How warm is it in Lisbon?")
stop()
