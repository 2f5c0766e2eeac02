import pytest

from agents.toolchain.designing import NOT_BUILT
from agents.toolchain.outside import OutsideFamily
from agents.toolchain.reading import free_specification, read_specification
from agents.toolchain.specification import ParameterSpec
from grym_synth.errors import BadInput


def of(text: str, role: str) -> ParameterSpec:
    return next(one for one in read_specification(text).parameters if one.role == role)


def test_the_example_of_the_guide_is_understood() -> None:
    made = read_specification("2-pole low-pass, 1 kHz, resonance 0.1–10, stereo")
    assert (made.kind, made.channels, made.options["order"]) == ("lowpass", 2, 2)
    frequency, q = made.parameters
    assert (frequency.unit, frequency.default) == ("Hz", 1000.0)
    assert (q.name, q.minimum, q.maximum) == ("resonance", 0.1, 10.0)


@pytest.mark.parametrize(
    ("text", "kind", "options"),
    [
        ("Butterworth-Tiefpass 4. Ordnung bei 2 kHz", "lowpass", {"order": 4}),
        ("LR4 high-pass at 80 Hz", "highpass", {"order": 4, "design": "linkwitz_riley"}),
        ("24 dB/Oktave Linkwitz-Riley Frequenzweiche bei 500 Hz", "crossover", {"order": 4}),
        ("zweipoliger Hochpass bei 100 Hz", "highpass", {"order": 2}),
        ("ping-pong echo, 300 ms", "delay", {"ping_pong": True}),
        ("soft clipper with 4x oversampling", "waveshaper", {"curve": "cubic", "oversampling": 4}),
        ("RMS compressor", "compressor", {"detection": "rms"}),
        ("mono crossover at 80 Hz, LR4", "crossover", {"order": 4}),
        ("Dreiwegeweiche, 250 Hz und 2,5 kHz, LR4", "crossover", {"order": 4}),
        ("2-band LR2 compressor", "multiband_compressor", {"order": 2}),
        ("Kompressor mit drei Bändern, LR8", "multiband_compressor", {"order": 8}),
        ("multiband mastering compressor", "multiband_compressor", {"order": 4}),
        ("compressor without a sidechain", "compressor", {"sidechain": False}),
        ("hard clipper at 16x", "waveshaper", {"oversampling": 16}),
        ("Röhrenverzerrer, 4fach Überabtastung", "waveshaper", {"oversampling": 4}),
        ("6-stufiger Phaser", "phaser", {"stages": 6}),
        ("chorus with four voices and a delay of 15 ms", "chorus", {"voices": 4}),
        ("limiter with 5 ms lookahead", "limiter", {"lookahead_ms": 5.0}),
        ("Tremolo, Dreieck", "tremolo", {"wave": "triangle"}),
        ("a true-peak limiter", "limiter", {"true_peak": True}),
        ("limiter, ceiling -1 dBTP", "limiter", {"true_peak": True}),
        ("limiter, ceiling -1 dBFS", "limiter", {"true_peak": False}),
        ("true peak meter", "meter", {}),
        ("Kompressor mit Sidechain-Eingang", "compressor", {"sidechain": True}),
        ("compressor with an external key input", "compressor", {"sidechain": True}),
        ("gate with sidechain", "gate", {"sidechain": True}),
        ("24dB low-pass at 500 Hz", "lowpass", {"order": 4}),
        ("hi pass, 18db/oct, for my reverb", "highpass", {"order": 3}),
        ("not a low-pass: a high-pass at 300 Hz", "highpass", {"order": 2}),
        ("5-band RMS compressor", "multiband_compressor", {"detection": "rms"}),
    ],
)
def test_kinds_and_options_are_read_in_two_languages(
    text: str, kind: str, options: dict[str, object]
) -> None:
    made = read_specification(text)
    assert made.kind == kind
    assert {name: made.options[name] for name in options} == options


@pytest.mark.parametrize(
    ("text", "role", "numbers"),
    [
        ("compressor, ratio 1:1 to 20:1 (default 4:1)", "ratio", (1.0, 20.0, 4.0)),
        ("Kompressor: Schwelle -60 bis 0 dB, Standard -18 dB", "threshold", (-60.0, 0.0, -18.0)),
        ("delay with 0-95 % feedback", "feedback", (0.0, 95.0, 30.0)),
        ("low shelf at 100 Hz, gain ±12 dB", "gain", (-12.0, 12.0, 0.0)),
        ("gate, 2 ms attack, 50 ms hold", "hold", (0.0, 500.0, 50.0)),
        ("Hochpass, Güte 0,5 bis 4", "q", (0.5, 4.0, 0.7071067811865476)),
        ("vibrato 5 Hz depth 1 ms", "rate", (0.05, 10.0, 5.0)),
        ("notch 50 Hz Q 30", "q", (0.1, 30.0, 30.0)),
        ("Tiefpass, 20 bis 20000 Hz, Standard 1,2 kHz", "frequency", (20.0, 20000.0, 1200.0)),
        ("low-pass, cutoff: 1 kHz (20 Hz - 5 kHz)", "frequency", (20.0, 5000.0, 1000.0)),
        ("ping pong delay 375 ms 40% feedback 25% mix", "mix", (0.0, 100.0, 25.0)),
        ("ping pong delay 375 ms 40% feedback 25% mix", "feedback", (0.0, 95.0, 40.0)),
        ("Limiter -1 dB", "ceiling", (-24.0, 0.0, -1.0)),
        ("phaser, rate .3 Hz", "rate", (0.05, 10.0, 0.3)),
        ("phaser from 200 Hz to 4 kHz, rate 0.2 Hz", "frequency", (200.0, 4000.0, 800.0)),
        ("compressor, ratio inf:1", "ratio", (1.0, 1000.0, 1000.0)),
        ("hard knee compressor 4:1 -20dB 5ms 50ms", "threshold", (-60.0, 0.0, -20.0)),
        ("hard knee compressor 4:1 -20dB 5ms 50ms", "release", (5.0, 2000.0, 50.0)),
        ("hard knee compressor 4:1 -20dB 5ms 50ms", "knee", (0.0, 24.0, 0.0)),
        ("compresser threshhold -20db ratio 4 atack 10 relase 90", "release", (5.0, 2000.0, 90.0)),
        ("band-pass from 300 Hz to 3 kHz", "frequency", (20.0, 20000.0, 948.683)),
        ("band-pass from 300 Hz to 3 kHz", "q", (0.1, 10.0, 0.351364)),
        ("Frequenzweiche, 12 dB/Okt, bei 1,8 kHz", "frequency_1", (20.0, 20000.0, 1800.0)),
        ("bell at 400 Hz, between 100 Hz and 2 kHz", "frequency", (100.0, 2000.0, 400.0)),
        ("notch at 60 Hz, bandwidth 2 Hz", "q", (0.1, 30.0, 30.0)),
        ("bandpass 500 Hz, bandwidth 1 octave", "q", (0.1, 10.0, 1.41421)),
        ("Bandsperre 1 kHz, Bandbreite eine Terz", "q", (0.1, 10.0, 4.31847)),
        ("peak EQ 1 kHz, 0.5 to 2 octaves wide, +1 dB", "q", (0.666667, 2.871, 1.0)),
        ("cut 4 dB at 300 Hz with a bell", "gain", (-18.0, 18.0, -4.0)),
        ("compressor, ratio three to one", "ratio", (1.0, 20.0, 3.0)),
        ("compressor, threshold minus eighteen dB", "threshold", (-60.0, 0.0, -18.0)),
        ("high-pass, twenty to two hundred hertz", "frequency", (20.0, 200.0, 63.2)),
        ("slapback echo of 110 ms with a single repeat", "feedback", (0.0, 0.95, 0.0)),
        ("tanh waveshaper, drive up to 40 dB", "drive", (0.0, 40.0, 0.0)),
        ("tremolo, rate 0.1 Hz up to 12 Hz", "rate", (0.1, 12.0, 5.0)),
        ("4-stage phaser around 600 Hz", "frequency", (100.0, 5000.0, 600.0)),
        ("vibrato, 5.5 Hz and 20 cents depth", "depth", (0.0, 5.0, 0.6725)),
        ("gate\n\n|name|range|default|\n|---|---|---|\n|hold|0–1 s|50 ms|", "hold", (0, 1, 0.05)),
        (
            'kind = "gate"\n[parameters.release]\nunit = "ms"\nmax = "2 s"',
            "release",
            (5, 2000, 100),
        ),
    ],
)
def test_numbers_find_their_parameters(
    text: str, role: str, numbers: tuple[float, float, float]
) -> None:
    one = of(text, role)
    assert (one.minimum, one.maximum, one.default) == pytest.approx(numbers)


def test_each_frequency_of_a_crossover_is_a_parameter() -> None:
    made = read_specification("three-way crossover at 300 Hz and 3 kHz")
    assert [one.default for one in made.parameters] == [300.0, 3000.0]


@pytest.mark.parametrize(
    ("text", "thresholds"),
    [
        ("3-band compressor, threshold -24 dB", [-24.0, -24.0, -24.0]),
        (
            "4-band compressor with thresholds -30, -28, -24 and -20 dB",
            [-30.0, -28.0, -24.0, -20.0],
        ),
        (
            "Multiband-Kompressor, Trennfrequenzen 150 Hz und 3 kHz, Schwelle hoch -20 dB, "
            "tief -30 dB, mitte -24 dB",
            [-30.0, -24.0, -20.0],
        ),
        ("2-band compressor, band 2 threshold -20 dB, band 1 threshold -30 dB", [-30.0, -20.0]),
        (
            "Multiband compressor\n\n| name | range | default | unit |\n|---|---|---|---|\n"
            "| high threshold | -60 to 0 | -20 | dB |\n| low threshold | -60 to 0 | -30 | dB |\n"
            "| split | 20 to 2000 | 200 | Hz |\n",
            [-30.0, -20.0],
        ),
    ],
)
def test_what_is_said_of_bands_reaches_each_of_them(text: str, thresholds: list[float]) -> None:
    made = read_specification(text)
    found = {one.role: one.default for one in made.parameters if one.role[:9] == "threshold"}
    assert [found[f"threshold_{n + 1}"] for n in range(len(found))] == thresholds
    assert sum(one.role[:9] == "frequency" for one in made.parameters) == len(found) - 1


def test_a_table_is_taken_by_the_letter() -> None:
    made = read_specification(
        "A bell filter\n\n| Name | Unit | Min | Max | Default |\n|---|---|---|---|---|\n"
        "| Centre Freq | Hz | 100 | 8000 | 1200 |\n| Gain | dB | -15 | 15 | 3 |\n"
        "| Q | | 0.5 | 6 | 1 |"
    )
    rows = [(one.name, one.unit, one.minimum, one.maximum, one.default) for one in made.parameters]
    assert rows == [
        ("Centre Freq", "Hz", 100.0, 8000.0, 1200.0),
        ("Q", "", 0.5, 6.0, 1.0),
        ("Gain", "dB", -15.0, 15.0, 3.0),
    ]


def test_toml_says_the_same_as_words() -> None:
    made = read_specification(
        'title = "Warmth"\nkind = "low-pass"\norder = 3\nchannels = 1\nsample_rates = [48000]\n'
        '[[parameters]]\nname = "cutoff"\nunit = "kHz"\nrange = [0.1, 10]\ndefault = 2\n'
        'smoothing_ms = 5\n[[checks]]\nmeasure = "gain_db"\nat_hz = 2000\ntarget = -3\n'
        "tolerance = 0.2\n"
    )
    assert (made.name, made.kind, made.channels, made.sample_rates) == (
        "warmth", "lowpass", 1, (48_000,),
    )  # fmt: skip
    one = made.parameters[0]
    assert (one.name, one.unit, one.default, one.factor) == ("cutoff", "kHz", 2.0, 1000.0)
    assert one.smoothing_ms == 5.0
    assert made.requirements[0].target == -3.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("low-pass 1 kHz, 2-pole, 24 dB/oct", "contradicts itself: order"),
        ("low-pass at 30 kHz", "half of the lowest sample rate"),
        ("low-pass at 20 kHz, sample rate 32 kHz", "half of the lowest sample rate"),
        ("low-pass, cutoff 20 to 200 Hz, default 500 Hz", "outside of its range"),
        ("low-pass, cutoff 2000 to 200 Hz", "is empty"),
        ("low-pass, cutoff 10 ms", "has the unit ms"),
        ("third-order Linkwitz-Riley low-pass", "even order"),
        ("first-order low-pass, resonance 2", "no resonance"),
        ("ping-pong delay, mono", "two channels"),
        ("high-pass with 10 dB/oct", "no multiple of the 6 dB"),
        ("delay, feedback 120 %", "feedback can't be 120%"),
        ("delay, feedback 0 to 120 %", "goes beyond"),
        ("band-pass 1 kHz, Q -2", "q can't be -2"),
        ("Hochpass bei -200 Hz", "can't be -200 Hz"),
        ("low-pass at 5 ms", "5 ms belongs to no parameter"),
        ("low-pass at 1 furlong", "1 belongs to no parameter"),
        ("low-pass at 800 Hz and 1200 Hz", "frequency 800 Hz and frequency 1200 Hz"),
        ("compressor with attack 5 ms and attack 10 ms", "attack 5 ms and attack 10 ms"),
        ("compressor, ratio 1:10", "make louder"),
        ("low-pass, sample rate 5 Hz", "no sample rates"),
        ("a VST3 low-pass at 1 kHz", "it asks for VST3"),
        ("write a JUCE AudioProcessor for a compressor", "it asks for JUCE"),
        (
            "compressor, threshold -30 dB\n\n| name | default | unit |\n|---|---|---|\n"
            "| threshold | -20 | dB |\n",
            "-20 in the table and -30",
        ),
        ("kind = 'lowpass'\norder = 2.5\n", "no whole number"),
        ("kind = 'lowpass'\nchannels = 'many'\n", "no whole number"),
        ("kind = 'lowpass'\nchannels = 200\n", "200 channels"),
        ("kind = 'limiter'\ntrue_peak = 'yes'\n", "true or false"),
        ('[{"kind": "delay"}]', "it is a list"),
        (
            "kind = 'lowpass'\n[[parameters]]\nname='cutoff'\nsmoothing_ms=-5\n",
            "can't glide for -5 ms",
        ),
        (
            "kind = 'lowpass'\n[[checks]]\nmeasure='gain_db'\ntarget=0\ntolerance=1\n"
            "settings={volume=3}\n",
            "sets volume",
        ),
        (
            "kind = 'lowpass'\n[[checks]]\nmeasure='gain_db'\ntarget=0\ntolerance=1\nat_hz=90000\n",
            "can't be measured at 90000 Hz",
        ),
        ("waveshaper, 3x oversampling", "3 times oversampling"),
        ("Chebyshev low-pass", "not in the documented family"),
        ("kind = 'lowpass'\n[[parameters]]\nname='cutoff'\nunit='parsec'\n", "unit 'parsec'"),
        ("kind = 'lowpass'\n[[parameters]]\nname='wobble'\n", "no parameter 'wobble'"),
        ("kind = 'lowpass'\ncolour = 'red'\n", "colour is not known"),
        ("kind = 'lowpass\n", "Expected"),
        ("", "empty"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(BadInput) as fault:
        read_specification(text)
    assert says in fault.value.happened
    assert len(fault.value.happened) < 200


@pytest.mark.parametrize(
    "text",
    [
        "a reverb with 2 s",
        "a low-pass, then a compressor",
        "hello",
        "a multiband limiter",
        "a linear-phase low-pass",
        "Hallgerät mit 2 s Nachhall und Low-Cut",
        "a reverb with a low-pass at 5 kHz",
        "a synth voice with low-pass filter and envelope",
        "low-pass with an LFO on the cutoff, 2 Hz",
        "tape delay with wow and flutter",
        "Ringmodulator mit 30 Hz",
        "compressor with auto makeup, threshold -20 dB",
        "guitar distortion: drive, tone, level",
        "2-band crossover at 120 Hz, LR4, sub mono",
        "crossover 120 Hz, mono sub, stereo top",
        "mono bass crossover at 80 Hz, LR4",
        "bass mono below 120 Hz",
        "3-band crossover 200 Hz and 2 kHz, mono below 200 Hz",
        "Frequenzweiche bei 120 Hz, Bass mono",
        '{"title": "Reverb", "description": "a reverb with a low-pass in its tail"}',
    ],
)
def test_what_is_outside_of_the_family_is_refused_with_its_names(text: str) -> None:
    with pytest.raises(OutsideFamily, match="low-pass filter, high-pass filter"):
        read_specification(text)


def test_a_table_binds_the_model_that_writes_what_is_outside_of_the_family() -> None:
    made = free_specification(
        "# Ring\n\nA ring modulator, mono\n\n| name | range | default | unit |\n|---|---|---|---|\n"
        "| rate | 1-2000 | 30 | Hz |\n"
    )
    (rate,) = made.parameters
    assert (made.name, made.kind, made.channels) == ("ring", "free", 1)
    assert (rate.name, rate.minimum, rate.maximum, rate.default) == ("rate", 1.0, 2000.0, 30.0)


def test_numbers_in_a_list_share_the_last_ones_unit() -> None:
    made = read_specification("crossover, four bands: 120, 800 and 4500 Hz, 48 dB per octave")
    assert [one.default for one in made.parameters] == [120.0, 800.0, 4500.0]
    made = read_specification("3-band compressor, thresholds -20 -24 -28 dB")
    found = [one.default for one in made.parameters if one.role[:9] == "threshold"]
    assert found == [-20.0, -24.0, -28.0]


def test_demands_in_words_become_checks() -> None:
    made = read_specification("low-pass, -3 dB at 1 kHz, -24 dB at 4 kHz, latency below 2 ms")
    assert [one.default for one in made.parameters] == [1000.0]
    latency, gain = made.requirements
    assert (gain.measure, gain.at_hz, gain.target) == ("gain_db", 4000.0, -24.0)
    assert (latency.measure, latency.target + latency.tolerance) == ("latency_samples", 96.0)
    (distortion,) = read_specification("waveshaper, THD below 1 % at -40 dBFS").requirements
    assert (distortion.level_dbfs, distortion.target + distortion.tolerance) == (-40.0, 1.0)


def test_a_sample_rate_beside_a_frequency_is_one() -> None:
    made = read_specification("low-pass 1 kHz @ 48 kHz")
    assert (made.sample_rates, made.parameters[0].default) == ((48_000,), 1000.0)


def test_what_is_left_out_is_told() -> None:
    made = read_specification("compressor with bypass and presets, threshold -20 dB")
    left = [one for one in made.notes if one.startswith(NOT_BUILT)]
    assert left == [f"{NOT_BUILT}bypass", f"{NOT_BUILT}presets"]


def test_a_table_of_several_bands_is_of_the_multiband_member() -> None:
    made = read_specification('kind = "compressor"\nbands = 3\nparameters = { ratio = "3:1" }')
    assert (made.kind, sum(one.role[:5] == "ratio" for one in made.parameters)) == (
        "multiband_compressor",
        3,
    )


def test_digits_that_are_no_quantity_are_told() -> None:
    left = [one for one in read_specification("low-pass 1 kHz, model 2b").notes if "2b" in one]
    assert left == [f"{NOT_BUILT}2b"]
