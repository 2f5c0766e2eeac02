"""A scripted chat model that calls tools, as LangChain has it, and what was sent to it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import SkipValidation

from models.tokens import MESSAGE_TOKENS, EstimatedTokens

Says = Callable[[Sequence[BaseMessage]], AIMessage]
"""What a model answers to its messages."""


@dataclass
class Sent:
    """Everything that was sent to the models of one turn; counted after it."""

    calls: list[tuple[list[BaseMessage], str]] = field(default_factory=list)
    """Messages, and the descriptions of tools as JSON."""

    def tokens(self) -> int:
        """Estimated tokens of messages, tool calls and tool descriptions."""
        count = EstimatedTokens().count
        return sum(
            count(tools) + sum(MESSAGE_TOKENS + count(text_of(one)) for one in messages)
            for messages, tools in self.calls
        )


class ScriptedModel(BaseChatModel):
    """Answers at once, and notes what it was sent."""

    says: SkipValidation[Says]
    sent: SkipValidation[Sent]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(
        self,
        tools: Sequence[dict[str, object] | type | Callable[..., object] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: object,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with tools that it may call."""
        described = json.dumps([convert_to_openai_tool(one) for one in tools])
        return self.bind(described=described)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        self.sent.calls.append((messages, str(kwargs.get("described", ""))))
        return ChatResult(generations=[ChatGeneration(message=self.says(messages))])


def text_of(message: BaseMessage) -> str:
    """What a model reads of a message: its text and its tool calls."""
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    told = [{"name": one["name"], "arguments": one["args"]} for one in calls]
    return f"{message.text}{json.dumps(told) if told else ''}"
