"""What VOD's replies look like in these tests, and a clock that only sleeping moves."""

from dataclasses import dataclass, field
from typing import Any

from tests.providers.told_server import Reply, refused, said

APP = 1_500_000_001
CREATE, DETAIL, LIST = "CreateAigcImageTask", "DescribeTaskDetail", "DescribeTasks"
DUPLICATE = refused("InvalidParameterValue.SessionId")
RUNNING = said(Status="PROCESSING", AigcImageTask={"Status": "PROCESSING", "Progress": 5})


@dataclass
class Time:
    """A clock that only sleeping moves, and how long each sleep was."""

    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.slept.append(seconds)


def finished(*urls: str, **task: Any) -> Reply:
    files = [{"FileUrl": url, "FileType": "", "MetaData": None} for url in urls]
    detail = {"Status": "FINISH", "Output": {"FileInfos": files}, **task}
    return said(TaskType="AigcImageTask", Status="FINISH", AigcImageTask=detail)


def failed(code: str, number: int = 70000, message: str = "") -> Reply:
    detail = {"Status": "FINISH", "ErrCode": number, "ErrCodeExt": code, "Message": message}
    return said(Status="FINISH", AigcImageTask={**detail, "Output": None})
