"""AutoGen: a team of two agents that take turns, the first with a tool."""

import asyncio

import telemetry
from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.conditions import MaxMessageTermination
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core import SingleThreadedAgentRuntime
from autogen_ext.models.openai import OpenAIChatCompletionClient
from opentelemetry import trace

stop = telemetry.start("autogen-recording")


async def get_weather(city: str) -> str:
    """Weather of a city"""
    return f"21 degrees in {city}"


async def main():
    info = {"vision": False, "function_calling": True, "json_output": False, "family": "unknown", "structured_output": False}
    client = OpenAIChatCompletionClient(model="gpt-5-mini", model_info=info)
    runtime = SingleThreadedAgentRuntime(tracer_provider=trace.get_tracer_provider())
    runtime.start()
    forecaster = AssistantAgent("forecaster", client, tools=[get_weather], reflect_on_tool_use=True)
    writer = AssistantAgent("writer", client)
    team = RoundRobinGroupChat([forecaster, writer], termination_condition=MaxMessageTermination(3), runtime=runtime)
    await team.run(task="How warm is it in Lisbon?")
    await runtime.stop_when_idle()
    await client.close()


asyncio.run(main())
stop()
