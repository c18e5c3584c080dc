"""An agent of Pydantic AI with a tool, an agent inside a tool, a tool that asks for a retry, and a call that fails."""

from pydantic_ai import Agent, ModelRetry
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import FunctionModel
from pydantic_ai.usage import RequestUsage

USAGE = {"input_tokens": 320, "output_tokens": 40, "cache_read_tokens": 256}


def converse():
    answers = iter(
        [
            [ToolCallPart("get_weather", {"city": "Porto"}, "call_1")],
            [ToolCallPart("get_weather", {"city": "Lisbon"}, "call_2")],
            [TextPart("21 degrees in Lisbon.")],
        ]
    )

    def answer(messages, info):
        return ModelResponse(next(answers), usage=RequestUsage(**USAGE), model_name="gpt-5-mini-2025-08-07")

    def say(messages, info):
        return ModelResponse([TextPart("21")], usage=RequestUsage(input_tokens=9, output_tokens=1))

    def fail(messages, info):
        raise TimeoutError("the model did not answer")

    thermometer = Agent(FunctionModel(say, model_name="gpt-5-nano"), name="thermometer")
    agent = Agent(
        FunctionModel(answer, model_name="gpt-5-mini"),
        name="weather",
        system_prompt="Be short.",
    )

    @agent.tool_plain
    async def get_weather(city: str) -> dict:
        """Weather of a city"""
        if city == "Porto":
            raise ModelRetry("Porto has no station: ask for another city.")
        return {"city": city, "celsius": int((await thermometer.run("Read it.")).output)}

    agent.run_sync("How warm is it in Lisbon?")
    try:
        Agent(FunctionModel(fail, model_name="gpt-5-mini"), name="broken").run_sync("Hm?")
    except TimeoutError:
        pass
