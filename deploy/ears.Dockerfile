# vLLM's own image leaves out what decodes sounds.
FROM vllm/vllm-openai:v0.33.0
RUN uv pip install --system 'vllm[audio]==0.33.0'
