"""Semantic Kernel: an agent with a function of a plugin; messages go through the log of Python."""

import asyncio
import logging

import telemetry
from opentelemetry.sdk._logs import LoggingHandler
from semantic_kernel.agents import ChatCompletionAgent
from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion
from semantic_kernel.functions import kernel_function

stop = telemetry.start("semantic-kernel-recording")
logger = logging.getLogger("semantic_kernel")
logger.setLevel(logging.INFO)
logger.addHandler(LoggingHandler())


class Weather:
    @kernel_function(description="Weather of a city")
    def get_weather(self, city: str) -> str:
        return f"21 degrees in {city}"


async def main():
    agent = ChatCompletionAgent(
        service=OpenAIChatCompletion(ai_model_id="gpt-5-mini"),
        name="forecaster",
        instructions="Be short.",
        plugins=[Weather()],
    )
    await agent.get_response(messages="How warm is it in Lisbon?")


asyncio.run(main())
stop()
