"""W&B Weave: a conversation with a turn, a model call, a tool and an agent below."""

import telemetry
from weave.conversation.conversation import start_conversation
from weave.conversation.types import Message, Usage

stop = telemetry.start("weave-recording")
with start_conversation(agent_name="forecaster", model="gpt-5-mini", conversation_id="conversation-7") as conversation:
    with conversation.start_turn(user_message="How warm is it in Lisbon?") as turn:
        with turn.start_llm(model="gpt-5-mini", provider_name="openai") as llm:
            llm.record(usage=Usage(input_tokens=320, output_tokens=40, cache_read_input_tokens=256, reasoning_tokens=12))
            llm.output("Let me look.")
        with turn.start_tool(name="get_weather", arguments='{"city":"Lisbon"}', tool_call_id="call_1") as tool:
            tool.result = "21 degrees"
        with turn.start_subagent(name="writer", model="gpt-5-mini") as writer:
            with writer.start_llm(model="gpt-5-mini", provider_name="openai") as llm:
                llm.output("21 degrees in Lisbon.")
stop()
