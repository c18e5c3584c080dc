"""CrewAI under OpenInference: two agents, one after the other, the first with a tool."""

import telemetry
from crewai import LLM, Agent, Crew, Process, Task
from crewai.tools import tool
from openinference.instrumentation.crewai import CrewAIInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor

stop = telemetry.start("crewai-recording")
CrewAIInstrumentor().instrument()
OpenAIInstrumentor().instrument()


@tool("get_weather")
def get_weather(city: str) -> str:
    """Weather of a city"""
    return f"21 degrees in {city}"


llm = LLM(model="gpt-5-mini")
forecaster = Agent(role="Forecaster", goal="Know the weather", backstory="Has a window.", tools=[get_weather], llm=llm)
writer = Agent(role="Writer", goal="Write it down", backstory="Has a pen.", llm=llm)
look = Task(description="How warm is it in Lisbon?", expected_output="A temperature", agent=forecaster)
write = Task(description="Write one sentence.", expected_output="A sentence", agent=writer)
Crew(agents=[forecaster, writer], tasks=[look, write], process=Process.sequential, name="weather").kickoff()
stop()
