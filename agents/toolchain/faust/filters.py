"""Filters and crossovers in Faust."""

from agents.toolchain.faust.body import Body, body, number, role
from agents.toolchain.sources.filter_designs import FLAT_Q, butterworth_poles, butterworth_qs
from agents.toolchain.specification import Specification


def filter_body(specification: Specification) -> Body:
    """One filter over all channels."""
    order = specification.options["order"]
    assert isinstance(order, int)
    q, gain = role(specification, "q", FLAT_Q), role(specification, "gain", 0.0)
    match specification.options["response"]:
        case "lowpass" | "highpass" as side:
            riley = specification.options.get("design") == "linkwitz_riley"
            chain = _riley(side, order, "frequency") if riley else _pass(side, order, q)
        case "bandpass" | "notch" as band:
            chain = _band(band, order, q)
        case "allpass":
            chain = [f"allpass2(frequency, {q})"] * (order // 2)
            chain += ["allpass1(frequency)"] * (order % 2)
        case "peak":
            chain = [f"peak2(frequency, {q}, {gain})"]
        case shelf:
            chain = [_shelf(str(shelf), order, q, gain)]
    text = f"process = par(channel, {specification.channels}, {_chained(chain)});"
    banded = any("_part(" in one for one in chain)
    return body(text, "sections", *(("bands",) if banded else ()))


def crossover_body(specification: Specification) -> Body:
    """Bands one below the other, the lowest first."""
    chains = band_chains(specification)
    lines = [f"band_{n} = {chain};" for n, chain in enumerate(chains, 1)]
    bands = [f"par(channel, {specification.channels}, band_{n + 1})" for n in range(len(chains))]
    every = ", ".join(["_"] * specification.channels)
    lines.append(f"process = {every} <: {', '.join(bands)};")
    return body("\n".join(lines), "sections")


def band_chains(specification: Specification) -> list[str]:
    """What lies between the input and each band of a crossover, the lowest first."""
    order = specification.options["order"]
    assert isinstance(order, int)
    splits = sum(one.role.startswith("frequency_") for one in specification.parameters)
    chains = []
    for band in range(splits + 1):
        chain: list[str] = []
        for split in range(splits):
            at = f"frequency_{split + 1}"
            if split > band:
                chain += _allpasses(order // 2, at)
            elif split == band:
                chain += _riley("lowpass", order, at)
            else:
                chain += _riley("highpass", order, at)
                chain += ["*(-1)"] * (order % 4 == 2)
        chains.append(_chained(chain))
    return chains


def _chained(chain: list[str]) -> str:
    return " : ".join(chain)


def _pass(side: str, order: int, q: str) -> list[str]:
    """Butterworth sections; the sharpest takes the resonance."""
    qs = [number(one) for one in butterworth_qs(order)]
    if qs and q == "q":
        qs[-1] = f"{number(butterworth_qs(order)[-1] / FLAT_Q)} * q"
    chain = [f"{side}2(frequency, {one})" for one in qs]
    return chain + [f"{side}1(frequency)"] * (order % 2)


def _riley(side: str, order: int, at: str) -> list[str]:
    half = [f"{side}2({at}, {number(one)})" for one in butterworth_qs(order // 2)]
    return 2 * (half + [f"{side}1({at})"] * (order // 2 % 2))


def _allpasses(order: int, at: str) -> list[str]:
    chain = [f"allpass2({at}, {number(one)})" for one in butterworth_qs(order)]
    return chain + [f"allpass1({at})"] * (order % 2)


def _band(band: str, order: int, q: str) -> list[str]:
    if order == 2:
        return [f"{band}2(frequency, {q})"]
    chain = [
        f"{band}_part({side}, {number(pole.real)}, {number(pole.imag)}, frequency, {q})"
        for pole in butterworth_poles(order // 2)
        for side in (1, -1)
    ]
    return chain + [f"{band}2(frequency, {q})"] * (order // 2 % 2)


def _shelf(shelf: str, order: int, q: str, gain: str) -> str:
    if order == 1:
        return f"{shelf}1(frequency, {gain})"
    return f"shelf2({1 if shelf == 'high_shelf' else -1}, frequency, {q}, {gain})"
