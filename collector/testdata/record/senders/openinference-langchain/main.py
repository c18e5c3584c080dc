"""LangChain for Python under OpenInference: an agent with a tool, in a thread."""

import telemetry
from langchain.agents import create_agent
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from openinference.instrumentation.langchain import LangChainInstrumentor

stop = telemetry.start("openinference-langchain-recording")
LangChainInstrumentor().instrument()


def get_weather(city: str) -> str:
    """Weather of a city"""
    return f"21 degrees in {city}"


agent = create_agent(
    ChatOpenAI(model="gpt-5-mini"),
    tools=[get_weather],
    system_prompt="Be short.",
    name="forecaster",
    checkpointer=InMemorySaver(),
)
question = {"messages": [{"role": "user", "content": "How warm is it in Lisbon?"}]}
agent.invoke(question, {"configurable": {"thread_id": "thread-7"}})
stop()
