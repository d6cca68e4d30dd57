# awsglue.job: Job.init reads the bookmark, Job.commit saves it. Page: monitor-continuations.


class Job:
    """One run of a job. Without `commit()` the bookmark stays where it was, so that the next run reads the same again."""

    def __init__(self, glue_context) -> None:
        self._bookmarks = glue_context._bookmarks
        self._started = False

    def init(self, job_name: str, args: dict | None = None) -> None:
        """`job_name` is args["JOB_NAME"], `args` the whole answer of getResolvedOptions."""
        self._bookmarks.start(job_name, args or {})
        self._started = True

    def commit(self) -> None:
        if not self._started:
            raise RuntimeError("Job.commit() was called before Job.init(job_name, args)")
        self._bookmarks.commit()
