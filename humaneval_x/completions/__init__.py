"""A model over HTTP: OpenAI's completions and chat, the modes of `modes.py`, and a page to try them.

    request -> guard (token, size) -> api (what is asked) -> answers (one request at a time) -> an engine's samples

For engines that bring no server of their own: the exact one on a CPU, MindSpore. Does not batch requests of different
clients, count log probabilities or call tools. Speaks no TLS. Needs the extras `serve` and that of the engine.
"""
