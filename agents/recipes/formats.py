"""Make a sound fit for a file format."""

from agents.recipes.resampling import resample
from agents.recipes.sound import Sound, note, refuse

_MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)


def fit_mp3(sound: Sound) -> Sound:
    """The sound at a rate that MP3 can hold; it holds at most two channels."""
    if sound.channels > 2:
        refuse(f"MP3 holds at most two channels, this has {sound.channels}")
    if sound.rate in _MP3_RATES:
        return sound
    near = [rate for rate in _MP3_RATES if rate >= sound.rate]
    best = near[0] if near else (44100 if sound.rate % 44100 == 0 else 48000)
    note(f"MP3 can't hold {sound.rate} Hz, so it is resampled to {best} Hz")
    return resample(sound, best)
