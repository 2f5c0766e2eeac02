"""What stands before a chat model and changes a part of what it does."""

from models.base import ChatModel, Facts, Options


class BeforeChat:
    """The part that is left as it is: the name, the abilities, and the counting."""

    def __init__(self, model: ChatModel) -> None:
        """Stand before a model."""
        self._model = model

    @property
    def name(self) -> str:
        """The string that opens the model."""
        return self._model.name

    def facts(self, options: Options | None = None) -> Facts:
        """What the model can do."""
        return self._model.facts(options)

    def count(self, text: str) -> int:
        """Tokens of a text."""
        return self._model.count(text)
