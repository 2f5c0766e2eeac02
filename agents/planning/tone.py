"""Steps that change the spectrum or the stereo picture, or take away what disturbs."""

from dataclasses import replace

from agents.planning.chain import Chain, Numbers, plain
from agents.planning.glossary import bands, cures
from agents.planning.quantities import Quantity
from agents.planning.reading import Step

_REACHING = frozenset({"to", "at", "of", "auf", "a", "al", "de", "von"})
"""Words before an amount that says what shall be."""


def cure(chain: Chain, quality: str) -> None:
    if quality in cures():
        operation, reason = cures()[quality]
        chain.add(operation.name, **plain(operation))
        chain.reasons.append(reason)


def cut_off(chain: Chain, numbers: Numbers, step: Step) -> None:
    places = numbers.places()
    if numbers.get("db", wide=False) is not None and places:
        side = "low_shelf" if step.name == "highpass" else "high_shelf"
        equalise(chain, numbers, replace(step, name=side))
        return
    slope = numbers.get("slope")
    usual = 30.0 if step.name == "highpass" else 16000.0
    if not places:
        chain.reasons.append(f"no cut-off was named, so {usual:g} Hz")
    order = max(1, min(8, round(slope.value / 6))) if slope else 2
    chain.add(step.name, cutoff_hz=places[0] if places else usual, order=order)


def bandpass(chain: Chain, numbers: Numbers, _: Step) -> None:
    edges = sorted(one.value for one in numbers.everywhere if one.unit == "hz")
    if len(edges) < 2:
        edges = [300.0, 3400.0]
        chain.reasons.append("no two edges were named, so 300 to 3400 Hz, as a telephone")
    chain.add("bandpass", low_hz=edges[0], high_hz=edges[1])


def equalise(chain: Chain, numbers: Numbers, step: Step) -> None:
    places, amount = numbers.places(), numbers.get("db", wide=False)
    gain = amount.value if amount else (-3.0 if numbers.down else 3.0)
    if amount and numbers.down and not amount.signed:
        gain = -abs(gain)
    if not places:
        chain.unknown.append(step.words)
        return
    frequency = (places[0] * places[-1]) ** 0.5 if len(places) > 1 else places[0]
    side = step.name if step.name in ("low_shelf", "high_shelf") else ""
    if step.name == "shelf":
        side = "low_shelf" if frequency < 500 else "high_shelf"
    if side:
        chain.add(side, frequency_hz=frequency, gain_db=gain)
    else:
        chain.add("peak_eq", frequency_hz=round(frequency, 1), gain_db=gain, q=1.0)


def change_band(chain: Chain, numbers: Numbers, step: Step) -> None:
    """More or less of a region of the spectrum; "everything below 40 Hz" is a filter."""
    edges, removes = numbers.all("hz"), step.segment.has("verb", "remove")
    if edges and removes and step.name in ("low", "high"):
        name = "highpass" if step.name == "low" else "lowpass"
        chain.add(name, cutoff_hz=edges[0], order=4)
        return
    amount = numbers.get("db", wide=False)
    gain = abs(amount.value) if amount else 3.0
    gain = -gain if numbers.down or (amount and amount.value < 0) else gain
    if amount is None:
        chain.reasons.append(f"no amount was named, so {gain:+g} dB")
    name, frequency = bands()[step.name]
    frequency = edges[0] if edges else frequency
    if name == "peak_eq":
        chain.add(name, frequency_hz=frequency, gain_db=gain, q=1.0)
    else:
        chain.add(name, frequency_hz=frequency, gain_db=gain)


def width(chain: Chain, numbers: Numbers, step: Step) -> None:
    percent = numbers.get("percent", wide=False)
    down = numbers.down or step.segment.has("effect", "narrower")
    change = (percent.value / 100 if percent else 0.3) * (-1 if down else 1)
    factor = round(max(0.0, 1 + change), 3)
    if percent is not None and not percent.signed and _is_reached(percent, step):
        factor = percent.value / 100
    if percent is None:
        chain.reasons.append(f"no amount was named, so width {factor:g}")
    chain.add("mid_side", width=factor)


def _is_reached(amount: Quantity, step: Step) -> bool:
    """Whether an amount says what shall be, not by how much it changes: "to 150 %"."""
    before = [one.text for one in step.segment.tokens if one.end <= amount.start]
    return bool(before) and before[-1] in _REACHING


def remove_noise(chain: Chain, numbers: Numbers, step: Step) -> None:
    if any(token.text.startswith("rumb") for token in step.segment.tokens):
        chain.add("highpass", cutoff_hz=30.0, order=4)
        chain.reasons.append("rumble: high-pass at 30 Hz")
    else:
        chain.unknown.append("noise reduction")


def remove_hum(chain: Chain, numbers: Numbers, _: Step) -> None:
    found = numbers.get("hz", wide=False)
    chain.add("dehum", hum_hz=found.value if found and 40 <= found.value <= 70 else 0.0)
