"""The LangGraph application: state, graph, live parts and workflows."""
