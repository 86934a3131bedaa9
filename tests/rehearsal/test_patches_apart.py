from __future__ import annotations

from rehearsal import patches


def test_moto_without_an_account_is_as_it_was(aws, unique):
    patches.apply()
    glue, job = aws("glue"), unique("job")
    glue.create_job(Name=job, Role="r", Command={"Name": "glueetl"}, DefaultArguments={"--a": "1"})
    run = glue.start_job_run(JobName=job, Arguments={"--b": "2"})["JobRunId"]
    told = glue.get_job_run(JobName=job, RunId=run)["JobRun"]
    assert (told["JobRunState"], told["Arguments"]) == ("SUCCEEDED", {"--a": "1", "--b": "2"})
