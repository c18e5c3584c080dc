"""A conversation with OpenAI's client: a call of a tool, its result, a call that fails, a stream, an embedding."""

import json

import openai

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather of a city",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        },
    }
]


def converse():
    client = openai.OpenAI(max_retries=0)
    messages = [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "How warm is it in Lisbon?"},
    ]
    first = client.chat.completions.create(
        model="gpt-5-mini", messages=messages, tools=TOOLS, temperature=1.0, seed=7
    )
    call = first.choices[0].message
    messages.append(call.model_dump(exclude_none=True))
    result = json.dumps({"city": "Lisbon", "celsius": 21})
    messages.append({"role": "tool", "tool_call_id": "call_1", "content": result})
    client.chat.completions.create(model="gpt-5-mini", messages=messages, tools=TOOLS)
    stream = client.chat.completions.create(
        model="gpt-5-mini",
        messages=[{"role": "user", "content": "Say it again."}],
        stream=True,
        stream_options={"include_usage": True},
    )
    for _ in stream:
        pass
    client.embeddings.create(model="text-embedding-3-small", input="a quiet hotel")
    try:
        broken = openai.OpenAI(max_retries=0, base_url=f"{client.base_url}nowhere")
        broken.chat.completions.create(model="gpt-5-mini", messages=messages[:2])
    except openai.NotFoundError:
        pass
