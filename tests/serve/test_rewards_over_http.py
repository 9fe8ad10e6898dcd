"""Rewards from a running service: the remote judge, and NeMo Gym's call."""

from __future__ import annotations

from services import Service, problems_of

from humaneval_x.rewards import RemoteJudge, reward_of, trl_reward


def test_a_remote_judge_rewards_what_passes(service: Service) -> None:
    problems = problems_of(each=3)
    reward = trl_reward(RemoteJudge(service.address))
    ids = [problem.task_id for problem in problems] * 4
    completions = [problem.canonical_solution for problem in problems] * 3 + [""] * len(problems)
    assert reward(prompts=ids, completions=completions, task_id=ids) == [1.0] * 3 * len(problems) + [0.0] * len(
        problems
    )


def test_partial_credit_needs_no_more_than_the_service_says(service: Service) -> None:
    problem = problems_of(["python"])[0]
    (judged,) = RemoteJudge(service.address).judge([{"task_id": problem.task_id, "completion": "    return 0\n"}])
    assert judged.expected_checks and reward_of(judged, partial=True) < 1  # type: ignore[operator]


def test_a_remote_judge_can_go_on_after_a_failed_check(service: Service) -> None:
    problem = problems_of(["python"])[0]
    wrong_once = f"    if levels == []:\n        return -1\n{problem.canonical_solution}"
    row = {"task_id": problem.task_id, "completion": wrong_once}
    stops, goes_on = (RemoteJudge(service.address, all_checks=each).judge([row])[0] for each in (False, True))
    assert (reward_of(stops), reward_of(goes_on)) == (0.0, 0.0)
    assert (stops.passed_checks, goes_on.passed_checks) == (2, goes_on.expected_checks - 1)  # type: ignore[operator]


def test_nemo_gym_gets_its_rollout_back_with_a_reward(service: Service) -> None:
    (problem,) = problems_of(["go"])
    for text, reward in ((problem.canonical_solution, 1.0), ("", 0.0)):
        message = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}
        body = {
            "responses_create_params": {"input": [{"role": "user", "content": "?"}]},
            "response": {"id": "r", "output": [{"type": "reasoning", "summary": []}, message]},
            "verifier_metadata": {"task_id": problem.task_id},
            "kept": 7,
        }
        answer = service.post("/verify", body)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert (said["reward"], said["kept"], said["response"]) == (reward, 7, body["response"])
    assert service.post("/seed_session", {}).json() == {}
    told = service.post("/verify", {"responses_create_params": {}, "response": {}}).json()["error"]
    assert told == "verifier_metadata: 'task_id' is missing; expected a task such as 'Python/0'"
