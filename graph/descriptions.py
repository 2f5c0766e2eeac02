"""What each node does, in one sentence: shown beside it where the graph is drawn."""

from langgraph.graph import StateGraph

from graph.state import Context, Request, State

_SAYS = {
    "intake": "Stores attachments, opens the project and recalls what it knows.",
    "supervisor": "Plans tasks with measurable criteria, sends back what missed them, and ends.",
    "gama": "Listens: measures a sound, and describes it where a model can hear it.",
    "qwen_vl": "Looks: draws and reads pictures with axes, such as spectrograms and scores.",
    "coder": "Builds: runs recipes or code that a model wrote, in a sandbox, after a human's yes.",
    "compose": "A workflow: from a brief to an editable session.",
    "master": "A workflow: from stems or a mix to masters with quality control.",
    "unpack": "A workflow: from a recording to stems, notes, lead sheet and session.",
    "build": "A workflow: from a specification to a tested and measured audio tool.",
    "integrate": "Judges the reports by what was measured, settles conflicts, writes to memory.",
    "respond": "Answers with evidence, says what was not done, and closes the turn.",
    "summarise": "Tells anew what the turn changed at the project's places.",
}

Builder = StateGraph[State, Context, Request, State]


def describe(builder: Builder) -> Builder:
    """Give each node its sentence."""
    for name, says in _SAYS.items():
        builder.nodes[name].metadata = {"description": says}
    return builder
