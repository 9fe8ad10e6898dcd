"""Published sampling settings by name.

Sources: `codegeex-paper` is scripts/generate_humaneval_x.sh and codegeex/benchmark/README.md of
github.com/THUDM/CodeGeeX, n = 200 for pass@1, 10 and 100; the paper's own text was not at hand.
`codegeex2-pass1` is README_EN.md and scripts/run_humanevalx.sh of github.com/THUDM/CodeGeeX2.
`humanevalpack` is README.md of github.com/bigcode-project/octopack, whose 2,048 tokens hold the prompt too.
"""

from __future__ import annotations

from humaneval_x.errors import OptionError, unknown

Number = int | float

PRESETS: dict[str, dict[str, Number]] = {
    "codegeex-paper": {"num_samples": 200, "temperature": 0.8, "top_p": 0.95, "top_k": 0, "max_new_tokens": 1024},
    "codegeex2-pass1": {"num_samples": 20, "temperature": 0.2, "top_p": 0.95, "top_k": 0, "max_new_tokens": 1024},
    "humanevalpack": {"num_samples": 20, "temperature": 0.2, "top_p": 0.95, "top_k": 0, "max_new_tokens": 1024},
    "greedy": {"num_samples": 1, "temperature": 0.0, "top_p": 1.0, "top_k": 0, "max_new_tokens": 1024},
}


def preset(name: str) -> dict[str, Number]:
    """Return the settings of a preset. Raises OptionError naming the nearest."""
    if name not in PRESETS:
        raise OptionError(unknown("preset", name, PRESETS))
    return dict(PRESETS[name])
