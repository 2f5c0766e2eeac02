"""How to get the model that a role lacks, as commands to type."""

from collections.abc import Collection

from agents.roles.models import INSTRUMENTS
from agents.roles.presence import Presence


def how_to_get(wanted: str, presence: Presence) -> tuple[str, ...]:
    """The commands that bring a model; none when it is there.

    Args:
        wanted: the string that opens it.
        presence: what is there now.
    """
    runtime, _, target = wanted.partition(":")
    if wanted == INSTRUMENTS or not presence.fault(wanted):
        return ()
    match runtime:
        case "ollama":
            return _ollama(target, presence.ollama())
        case "openai":
            return (f"start the server at {target.partition('#')[0]}",)
        case "service":
            return ("export GRYM_SERVICES_URL=http://127.0.0.1:8000/v1",)
        case "llamacpp":
            return ("pip install -e '.[llamacpp]'", f"put a GGUF file at {target}")
        case "gama":
            return (
                "pip install -e '.[models]'",
                "python -m models.gama.convert --llama LLAMA_FOLDER --gama pytorch_model.bin "
                f"--out {target or 'gama'}",
                f"export GRYM_GAMA_MODEL=gama:{target or 'gama'}",
            )
        case "transformers":
            return ("pip install -e '.[models]'", f"put the checkpoint into {target}")
        case _:
            return (f"write the script {target}",)


def _ollama(name: str, served: Collection[str] | None) -> tuple[str, ...]:
    pull = f"ollama pull {name}"
    if served is None:
        return ("install Ollama from https://ollama.com/download", "ollama serve", pull)
    return (pull,)
