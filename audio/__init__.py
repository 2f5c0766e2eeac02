"""Instruments for sound: assets, aspects, decoding, measuring, pictures, mastering."""
