"""Messages that say nothing worth finding again: thanks, greetings, "ok", a lone emoji."""

import re
import unicodedata

from memory.context import TurnRecord

_LONGEST = 8
"""Words of the longest message that can be nothing but politeness."""

_PHRASES = (
    "how are you", "how are you doing", "hows it going", "how's it going", "whats up", "what's up",
    "good morning", "good evening", "good afternoon", "good night", "see you", "see you later",
    "see you tomorrow", "talk to you later", "have a nice day", "no problem", "no worries",
    "you're welcome", "youre welcome", "sounds good", "got it", "all good", "well done",
    "nice one", "good job", "great job", "great work", "nice work", "never mind", "go ahead",
    "that's all", "thats all", "that's it", "thats it", "love it", "let's go", "i see", "not bad",
    "guten morgen", "guten tag", "guten abend", "gute nacht", "vielen dank", "bis morgen",
    "bis später", "bis dann", "bis bald", "alles klar", "alles gut", "sehr gut", "gut gemacht",
    "kein problem", "wie geht's", "wie gehts", "wie geht es dir", "schönen tag", "passt schon",
    "buenos días", "buenas tardes", "buenas noches", "muchas gracias", "hasta luego",
    "hasta mañana", "de nada", "muy bien", "está bien", "qué tal", "cómo estás", "de acuerdo",
    "bonne journée", "bonne nuit", "bonne soirée", "merci beaucoup", "à demain", "à bientôt",
    "à plus", "de rien", "d'accord", "très bien", "ça va", "pas de problème", "au revoir",
    "as always", "so much", "very much", "a lot", "for now", "for today", "for that", "for this",
    "again", "once again",
)  # fmt: skip
_ENGLISH = """
ok okay okey kk k yes yep yeah yup yess no nope nah sure fine right alright cool nice great good
perfect awesome amazing brilliant excellent wonderful fantastic lovely neat sweet super wow thanks
thank thx ty tysm thanx cheers ta hi hello hey heya hiya yo howdy bye goodbye lol lmao rofl haha
hehe hm hmm mhm ah aha oh uh um huh please pls man mate bro dude guys all everyone team there you u
are is very so really and the it just well then agreed understood done noted np gg test testing ping
"""

_GERMAN = """
ja nein nö jo jup jep gut super toll klasse prima spitze danke dankeschön dank bitte hallo moin
servus tschüss ciao na klar genau stimmt verstanden einverstanden passt perfekt wunderbar sehr schön
euch dir das ist
"""

_SPANISH = """
sí si vale bueno bien gracias hola adiós chao claro perfecto genial estupendo guay jaja jajaja
exacto entendido
"""

_FRENCH = """
oui non ouais bien merci salut bonjour bonsoir coucou parfait génial super top voilà compris entendu
c'est mdr ptdr
"""

_WORDS = frozenset((_ENGLISH + _GERMAN + _SPANISH + _FRENCH).split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_LAUGH = re.compile(
    r"(?:ha|he|hi|ja|je){2,}h?|lo+l|x+d+|hm+|m+h+m+|a+h+|o+h+|o+k+(?:ay)?|y+e+s+|n+o+"
)


def is_junk(text: str) -> bool:
    """Whether a message holds nothing but politeness, agreement, laughter or signs.

    Words in English, German, Spanish and French are known. Anything else in it (a number, a file,
    a term) makes it worth keeping.
    """
    plain = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    words = _WORD.findall(plain)
    if not words:
        return True
    if len(words) > _LONGEST:
        return False
    rest = f" {' '.join(words)} "
    for phrase in sorted(_PHRASES, key=len, reverse=True):
        rest = rest.replace(f" {phrase} ", " ")
    return all(word in _WORDS or _LAUGH.fullmatch(word) for word in rest.split())


def is_worth_finding(turn: TurnRecord) -> bool:
    """Whether searches shall find a turn: not small talk, and not a repetition of what is known."""
    if turn.undone or not turn.searchable:
        return False
    works = turn.tasks or turn.artifacts or turn.findings or turn.attached
    return bool(works) or not is_junk(turn.request)
