"""The answer to what asks for no work and states nothing: greetings, thanks, questions for help."""

import re

from agents.planning.languages import read_request
from agents.remembering.remembering import about_words
from memory.context import ProjectContext
from memory.filing.junk import is_junk

HELP = (
    "I measure sound files (tempo, key, chords, loudness, true peak, spectrum, stereo, hum, "
    "structure …), draw them (spectrogram, waveform, loudness curve, chromagram, self-similarity), "
    "and build scripts and changed files that are measured afterwards (master, normalise, filter, "
    "trim, fade, resample, convert, time-stretch, pitch-shift, click track …). Attach a file and "
    "say what you want; goals, style, constraints, deadlines, sections and elements of the project "
    "are remembered."
)
_GREETING = "Hello. Attach a sound file or a picture and say what you want to know or have done."
_QUESTION = re.compile(
    r"\?|^\W*(?:who|whom|whose|what|when|where|which|why|how|tell|wer|was|wann|wo|welche\w*|warum|wie|"
    r"qui[eé]n|qu[eé]|cu[aá]ndo|d[oó]nde|cu[aá]l|qui|quand|quel\w*|où|pourquoi|comment)\b",
    re.IGNORECASE,
)
_THANKS = "You're welcome."
_ALL_RIGHT = "All right."
_NOT_UNDERSTOOD = (
    "{what} Ask for a measurement (“what key is this?”), a picture (“show "
    "me the spectrogram”), a change (“master it to -14 LUFS”), or what was found before."
)
_SHOWN_WORDS = 80
"""Most characters of a request that are repeated to the user."""


def small_talk(context: ProjectContext) -> str:
    """What is said where nothing was found, made or noted."""
    talk = read_request(context).reading.talk
    if not {"cancel", "thanks", "greeting"}.intersection(talk):
        lines = about_words(context) if _QUESTION.search(context.request) else ()
        if lines:
            return "From memory:\n" + "\n".join(f"- {line}" for line in lines)
        if context.request.strip() and is_junk(context.request):
            return _ALL_RIGHT
    answers = {
        "cancel": "All right, nothing is done.",
        "meta": HELP,
        "general": "That is general knowledge; without a language model I only speak of files. "
        + HELP,
        "thanks": _THANKS,
        "greeting": _GREETING + " " + HELP,
    }
    request = " ".join(context.request.split())
    short = request[:_SHOWN_WORDS] + ("…" if len(request) > _SHOWN_WORDS else "")
    unclear = _NOT_UNDERSTOOD.format(
        what=f"I did not understand “{short}”." if short else "The message was empty."
    )
    return next((text for name, text in answers.items() if name in talk), unclear)
