"""Whether a model's name can be loaded at all, before torch is: on this machine, or on a hub that answers.

The libraries that load a model try a hub that is not reached for most of a minute, and say so in a page. Asks once.
"""

from __future__ import annotations

import difflib
from importlib.util import find_spec

from humaneval_x.errors import CheckpointError

TIMEOUT_S = 5
GIVE = "give a folder in Hugging Face layout, owner/model, an http address, or echo"


def check_name(model: str) -> None:
    """Raise CheckpointError where a model of this name is neither on this machine nor to be had."""
    if find_spec("huggingface_hub") is None:
        return  # what is not installed is said by who needs it
    from huggingface_hub import HfApi, try_to_load_from_cache
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, RepositoryNotFoundError

    try:
        if isinstance(try_to_load_from_cache(model, "config.json"), str):
            return
        HfApi().model_info(model, timeout=TIMEOUT_S)
    except HFValidationError as fault:
        raise CheckpointError(f"{model!r}: no such folder, and no name of a model; {_near(model)}{GIVE}") from fault
    except RepositoryNotFoundError as fault:
        what = f"{model!r}: no such folder, and the hub shows no such model (a private one needs: hf auth login)"
        raise CheckpointError(f"{what}; {_near(model)}{GIVE}") from fault
    except HfHubHTTPError as fault:
        status = f"answered {fault.response.status_code}" if fault.response is not None else "failed"
        raise CheckpointError(f"{model!r}: no such folder, and the hub {status}; {_near(model)}{GIVE}") from fault
    except Exception as fault:  # whatever the HTTP library of the hub's client raises where there is no network
        reason = str(fault).partition("\n")[0] or type(fault).__name__
        what = f"{model!r}: not on this machine, and the hub is not reached ({reason})"
        raise CheckpointError(f"{what}; {_near(model)}{GIVE}") from fault


def _near(model: str) -> str:
    return "did you mean 'echo'? " if difflib.get_close_matches(model, ["echo"], cutoff=0.7) else ""
