"""Make GAMA known to the ``Auto`` classes of ``transformers``, when one asks for it."""

from transformers import (
    AutoConfig,
    AutoFeatureExtractor,
    AutoModel,
    AutoModelForMultimodalLM,
    AutoProcessor,
)

from models.gama.configuration import NAME, GamaAudioConfig, GamaConfig
from models.gama.feature_extraction import GamaFeatureExtractor
from models.gama.modeling import GamaForConditionalGeneration, GamaModel
from models.gama.processing import GamaProcessor


def register() -> None:
    """Register all of GAMA's classes; calling it again changes nothing.

    After it, ``AutoConfig``, ``AutoProcessor``, ``AutoModel`` and ``AutoModelForMultimodalLM`` load
    a converted folder, without remote code.
    """
    AutoConfig.register(GamaAudioConfig.model_type, GamaAudioConfig, exist_ok=True)
    AutoConfig.register(NAME, GamaConfig, exist_ok=True)
    AutoModel.register(GamaConfig, GamaModel, exist_ok=True)
    AutoModelForMultimodalLM.register(GamaConfig, GamaForConditionalGeneration, exist_ok=True)
    AutoFeatureExtractor.register(GamaConfig, GamaFeatureExtractor, exist_ok=True)
    AutoProcessor.register(GamaConfig, GamaProcessor, exist_ok=True)
