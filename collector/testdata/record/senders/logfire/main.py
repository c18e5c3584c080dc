"""Logfire around Pydantic AI: spans are announced before they end."""

import os

import logfire
import pydantic_weather

# Its own exporter is where spans are announced; the standard one would send each of them again.
endpoint = os.environ.pop("OTEL_EXPORTER_OTLP_ENDPOINT")
logfire.configure(
    token="none",
    service_name="logfire-recording",
    console=False,
    inspect_arguments=False,
    advanced=logfire.AdvancedOptions(base_url=endpoint),
)
logfire.instrument_pydantic_ai()
with logfire.span("answer {name}", name="Ada"):
    logfire.info("Ada asks about {city}", city="Lisbon")
    pydantic_weather.converse()
logfire.shutdown()
