"""CodeGeeX-13B in PyTorch: configuration, model, tokenizer, checkpoint conversion, int8.

Importing this room loads torch and registers the Auto classes, so that `AutoModelForCausalLM` and
`AutoTokenizer` open a converted folder without trust_remote_code. `import humaneval_x` does not import it.
"""

# transformers is partly untyped.
# mypy: disable-error-code="no-untyped-call"

from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoTokenizer

from humaneval_x.codegeex.configuration import CodeGeeXConfig
from humaneval_x.codegeex.convert import check_folder, convert
from humaneval_x.codegeex.int8 import quantize
from humaneval_x.codegeex.modeling import CodeGeeXForCausalLM, CodeGeeXModel
from humaneval_x.codegeex.tokenizer import CodeGeeXTokenizer

__all__ = [
    "CodeGeeXConfig",
    "CodeGeeXForCausalLM",
    "CodeGeeXModel",
    "CodeGeeXTokenizer",
    "check_folder",
    "convert",
    "quantize",
    "register_in_vllm",
]

AutoConfig.register(CodeGeeXConfig.model_type, CodeGeeXConfig)
AutoModel.register(CodeGeeXConfig, CodeGeeXModel)
AutoModelForCausalLM.register(CodeGeeXConfig, CodeGeeXForCausalLM)
AutoTokenizer.register(CodeGeeXConfig, tokenizer_class=CodeGeeXTokenizer)


def register_in_vllm() -> None:
    """Tell vLLM of CodeGeeX: the entry point that vLLM calls in each of its processes."""
    from vllm import ModelRegistry

    ModelRegistry.register_model(CodeGeeXForCausalLM.__name__, "humaneval_x.codegeex.vllm_model:CodeGeeXForCausalLM")
