"""Microsoft Agent Framework: a workflow of two agents, the first with a tool."""

import asyncio

import telemetry
from agent_framework import Agent, WorkflowBuilder
from agent_framework.observability import enable_instrumentation
from agent_framework.openai import OpenAIChatClient

stop = telemetry.start("agent-framework-recording")
enable_instrumentation(enable_sensitive_data=True)


def get_weather(city: str) -> str:
    """Weather of a city"""
    return f"21 degrees in {city}"


async def main():
    client = OpenAIChatClient(model="gpt-5-mini")
    forecaster = Agent(client=client, name="forecaster", instructions="Be short.", tools=[get_weather])
    writer = Agent(client=client, name="writer", instructions="Write it down.")
    workflow = WorkflowBuilder(start_executor=forecaster, name="weather").add_edge(forecaster, writer).build()
    await workflow.run("How warm is it in Lisbon?")


asyncio.run(main())
stop()
