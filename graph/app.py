"""The graph: one turn from a request to an answer with evidence.

Exported without checkpointer or store: the LangGraph server brings its own, and programs get both
from ``grym_synth.studio.open_studio``. On its own it works with memory in the process.
"""

from langgraph.graph import END, START, StateGraph

from agents.contexts.coder import CoderSlice
from agents.contexts.gama import GamaSlice
from agents.contexts.qwen_vl import QwenVlSlice
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
from nodes.faults import leave_summaries, report_fault
from nodes.gama import gama
from nodes.intake import intake
from nodes.integrate import integrate
from nodes.qwen_vl import qwen_vl
from nodes.respond import respond
from nodes.summarise import after_answer, summarise
from nodes.supervisor import route, supervisor

builder = StateGraph(State, context_schema=Context, input_schema=Request)

builder.add_node("intake", intake, input_schema=IntakeSlice)
builder.add_node("supervisor", supervisor, input_schema=SupervisorSlice)
builder.add_node("gama", gama, input_schema=GamaSlice, error_handler=report_fault)
builder.add_node("qwen_vl", qwen_vl, input_schema=QwenVlSlice, error_handler=report_fault)
builder.add_node("coder", coder, input_schema=CoderSlice, error_handler=report_fault)
builder.add_node("compose", compose.graph, input_schema=Handed, error_handler=report_fault)
builder.add_node("master", master.graph, input_schema=Handed, error_handler=report_fault)
builder.add_node("unpack", unpack.graph, input_schema=Handed, error_handler=report_fault)
builder.add_node("build", build.graph, input_schema=Handed, error_handler=report_fault)
builder.add_node("integrate", integrate, input_schema=IntegrateSlice)
builder.add_node("respond", respond, input_schema=RespondSlice)
builder.add_node("summarise", summarise, input_schema=SummariseSlice, error_handler=leave_summaries)

builder.add_edge(START, "intake")
builder.add_edge("intake", "supervisor")
workers = ["gama", "qwen_vl", "coder", "compose", "master", "unpack", "build"]
builder.add_conditional_edges("supervisor", route, [*workers, "integrate", "respond"])
for worker in workers:
    builder.add_edge(worker, "integrate")
builder.add_edge("integrate", "supervisor")
builder.add_conditional_edges("respond", after_answer, ["summarise", END])
builder.add_edge("summarise", END)

graph = builder.compile(name="grym")
