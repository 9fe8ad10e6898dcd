"""The judge as an HTTP service: the pool, the answers and the jails of `run`, with requests in place of files.

    request -> guard (token, size) -> protocol (a module each) -> desk (queue, shares, cache) -> jails

Speaks no TLS and keeps nothing on disk; docs/serve.md says what else it does not do. Needs the extra `serve`.
"""
