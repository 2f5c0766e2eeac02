"""What the project's pictures know of themselves: which seconds and hertz their pixels are."""

from agents.planning.languages import read_request
from agents.reckoning.pixels import PIXELS, pixel_answers
from audio.assets import AssetRef, AssetStore
from audio.axes import Axes, read_axes
from audio.picture_files import decode_picture
from audio.picture_reading import MOST_PIXELS
from grym_synth.errors import MediaRejected, UnknownName
from memory.context import Plan, ProjectContext
from memory.repository import Repository

MOST_PICTURES = 12
"""Most pictures of a project that are looked into, the newest."""


def with_pixels(
    plan: Plan, context: ProjectContext, repository: Repository, assets: AssetStore
) -> Plan:
    """The plan with what it asks of pixels answered, from the axes inside the pictures.

    Args:
        plan: what was decided; one that asks nothing of pixels stays as it is.
        context: the turn's context; a picture that came with the request is meant alone.
        repository: knows the pictures that are not at hand.
        assets: the files.
    """
    if PIXELS not in plan.recalls:
        return plan
    held = {one.id: one for one in context.assets if one.kind == "image"}
    pictures = [held[id_] for id_ in context.attached if id_ in held]
    if not pictures:
        known = {one.id: one for one in repository.assets(context.project) if one.kind == "image"}
        pictures = [*({id_: one for id_, one in known.items() if id_ not in held} | held).values()]

    def axes_of(picture: AssetRef) -> Axes | None:
        try:
            with decode_picture(assets.path(picture), picture.name, MOST_PIXELS) as opened:
                return read_axes(opened)
        except (MediaRejected, UnknownName):
            return None

    text = read_request(context).text
    answers = pixel_answers(text, pictures[-MOST_PICTURES:], axes_of)
    recalls = tuple(one for one in plan.recalls if one != PIXELS)
    return plan.model_copy(update={"recalls": recalls, "answers": (*plan.answers, *answers)})
