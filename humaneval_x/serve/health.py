"""`/healthz`, `/readyz`, `/metrics`: for load balancers and Prometheus."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse

from humaneval_x.serve.metrics import Metrics
from humaneval_x.serve.service import Service


def add_health(app: FastAPI, service: Service, metrics: Metrics) -> None:
    """Add `/healthz`, `/readyz` and `/metrics`."""
    desk = service.desk

    @app.get("/healthz", tags=["health"], response_class=PlainTextResponse)
    async def healthz() -> str:
        """Say that the process answers."""
        return "ok\n"

    @app.get("/readyz", tags=["health"])
    async def readyz() -> JSONResponse:
        """Say whether a jail has passed a right program of each installed language, and why not."""
        languages = {name: why or "ready" for name, why in desk.languages.items()}
        body = {"ready": desk.ready, "draining": desk.draining, "languages": languages}
        return JSONResponse(body, status_code=200 if desk.ready else 503)

    @app.get("/metrics", tags=["health"], response_class=PlainTextResponse)
    async def figures() -> str:
        """Return the counters, for Prometheus."""
        gauges = {
            "queue_programs": len(desk.lanes),
            "running_programs": desk.running,
            "workers": desk.pool.workers,
            "cached_verdicts": len(desk.cache),
            "ready": int(desk.ready),
        }
        counters = {
            "programs_total": {f'{{outcome="{name}"}}': count for name, count in desk.outcomes.items()},
            "jails_replaced_total": {"": desk.pool.faults.jails_replaced},
            "cache_hits_total": {"": desk.cache.hits},
        }
        return metrics.text(gauges, counters)
