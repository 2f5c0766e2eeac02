"""The graph: one turn from a request to an answer with evidence.

Exported without checkpointer or store: the LangGraph server brings its own, and programs get both
from ``grym_synth.studio.open_studio``. On its own it works with memory in the process.
"""

from langgraph.graph import END, START

from agents.contexts.coder import CoderSlice
from agents.contexts.gama import GamaSlice
from agents.contexts.qwen_vl import QwenVlSlice
from graph.descriptions import Builder, describe
from graph.state import (
    Context,
    IntakeSlice,
    IntegrateSlice,
    Request,
    RespondSlice,
    State,
    SummariseSlice,
    SupervisorSlice,
)
from graph.workflows import build, compose, master, unpack
from graph.workflows.state import Handed
from nodes.coder import coder
from nodes.faults import FaultHandler, leave_summaries, report_fault
from nodes.gama import gama
from nodes.intake import intake
from nodes.integrate import integrate
from nodes.qwen_vl import qwen_vl
from nodes.respond import respond
from nodes.summarise import after_answer, summarise
from nodes.supervisor import route, supervisor


def assemble(fault: FaultHandler | None = None) -> Builder:
    """The nodes and edges of one turn.

    Args:
        fault: ends a turn that a fault stops; by default its caller gets the fault.
    """
    made = Builder(State, context_schema=Context, input_schema=Request)
    made.add_node("intake", intake, input_schema=IntakeSlice, error_handler=fault)
    made.add_node("supervisor", supervisor, input_schema=SupervisorSlice, error_handler=fault)
    made.add_node("gama", gama, input_schema=GamaSlice, error_handler=report_fault)
    made.add_node("qwen_vl", qwen_vl, input_schema=QwenVlSlice, error_handler=report_fault)
    made.add_node("coder", coder, input_schema=CoderSlice, error_handler=report_fault)
    made.add_node("compose", compose.graph, input_schema=Handed, error_handler=report_fault)
    made.add_node("master", master.graph, input_schema=Handed, error_handler=report_fault)
    made.add_node("unpack", unpack.graph, input_schema=Handed, error_handler=report_fault)
    made.add_node("build", build.graph, input_schema=Handed, error_handler=report_fault)
    made.add_node("integrate", integrate, input_schema=IntegrateSlice, error_handler=fault)
    made.add_node("respond", respond, input_schema=RespondSlice, error_handler=fault)
    made.add_node(
        "summarise", summarise, input_schema=SummariseSlice, error_handler=leave_summaries
    )

    made.add_edge(START, "intake")
    made.add_edge("intake", "supervisor")
    workers = ["gama", "qwen_vl", "coder", "compose", "master", "unpack", "build"]
    made.add_conditional_edges("supervisor", route, [*workers, "integrate", "respond"])
    for worker in workers:
        made.add_edge(worker, "integrate")
    made.add_edge("integrate", "supervisor")
    made.add_conditional_edges("respond", after_answer, ["summarise", END])
    made.add_edge("summarise", END)
    return describe(made)


builder = assemble()
graph = builder.compile(name="grym")
