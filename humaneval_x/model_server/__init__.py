"""A model over HTTP (`generate.py serve`; the judge is in `serve`): OpenAI's protocol, modes of code, a page.

    request -> guard (token, size) -> api (what is asked) -> answers (one request at a time) -> an engine's samples

For engines that bring no server of their own: the exact one on a CPU, MindSpore. Does not batch requests of different
clients, count log probabilities or call tools. Speaks no TLS. Needs the extras `serve` and that of the engine.
"""
