"""What a model was asked, put into the trace of its turn where there is one."""

from grym_synth.tracing.spans import here
from memory.context import Thought


def noted(thought: Thought, asked: str = "") -> Thought:
    """Trace what a model has just done, and hand it back.

    Args:
        thought: what it was asked, said and cost.
        asked: the prompt in words.
    """
    span = here()
    if span is None:
        return thought
    provider, _, place = thought.model.partition(":")
    model = place.rpartition("#")[2].rpartition("/")[2] or provider
    call = span.part(f"chat {model}", "llm", thought.seconds)
    call.tell(
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": thought.tokens_in,
            "gen_ai.usage.output_tokens": thought.tokens_out,
            "grym.duty": thought.duty,
            "grym.load_seconds": thought.load_seconds,
        }
    )
    call.quote(asked, "\n\n".join(filter(None, (thought.thinking, thought.said))))
    if thought.fault:
        call.fail("unusable", thought.fault)
    call.end()
    return thought
