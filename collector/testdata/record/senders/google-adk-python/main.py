"""Google's Agent Development Kit for Python: an agent with a tool, and one it hands over to; a model without a network."""

import asyncio

import telemetry
from google.adk.agents import LlmAgent
from google.adk.models import BaseLlm, LlmResponse
from google.adk.runners import InMemoryRunner
from google.genai import types

stop = telemetry.start("google-adk-python-recording")


def call(name, **arguments):
    return types.Part(function_call=types.FunctionCall(id=f"call_{name}", name=name, args=arguments))


answers = iter(
    [
        call("get_weather", city="Lisbon"),
        call("transfer_to_agent", agent_name="writer"),
        types.Part(text="21 degrees in Lisbon."),
    ]
)


class FakeGemini(BaseLlm):
    async def generate_content_async(self, llm_request, stream=False):
        usage = types.GenerateContentResponseUsageMetadata(
            prompt_token_count=320,
            candidates_token_count=28,
            thoughts_token_count=12,
            cached_content_token_count=256,
            total_token_count=360,
        )
        yield LlmResponse(
            content=types.Content(role="model", parts=[next(answers)]),
            finish_reason=types.FinishReason.STOP,
            model_version="gemini-3-flash-001",
            usage_metadata=usage,
        )


def get_weather(city: str) -> dict:
    """Weather of a city"""
    return {"city": city, "celsius": 21}


async def main():
    model = FakeGemini(model="gemini-3-flash")
    writer = LlmAgent(name="writer", model=model, description="Writes answers.")
    agent = LlmAgent(name="forecaster", model=model, instruction="Be short.", tools=[get_weather], sub_agents=[writer])
    runner = InMemoryRunner(agent=agent, app_name="weather")
    await runner.session_service.create_session(app_name="weather", user_id="ada", session_id="session-7")
    question = types.Content(role="user", parts=[types.Part(text="How warm is it in Lisbon?")])
    async for _ in runner.run_async(user_id="ada", session_id="session-7", new_message=question):
        pass


asyncio.run(main())
stop()
