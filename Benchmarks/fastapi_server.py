"""FastAPI with pydantic models, in one process of uvicorn with uvloop and httptools, no access log."""

import argparse

import fastapi
import pydantic
import uvicorn


class Line(pydantic.BaseModel):
    productId: str
    quantity: int
    amountMinor: int


class ReceiptRequest(pydantic.BaseModel):
    """The request as JSON has it: proto3 writes int64 as text, which pydantic reads as int too."""

    requestId: str
    memberId: str
    storeId: str
    occurredAtMicroseconds: int
    lines: list[Line]


class Receipt(pydantic.BaseModel):
    requestId: str
    amountMinor: str
    pointsEarned: str
    pointsBalance: str


app = fastapi.FastAPI()


@app.post("/patron.benchmark.v1.BenchmarkService/PostReceipt")
async def post_receipt(request: ReceiptRequest) -> Receipt:
    amount = sum(line.amountMinor for line in request.lines)
    return Receipt(
        requestId=request.requestId, amountMinor=str(amount), pointsEarned=str(amount // 100),
        pointsBalance=str(amount // 100 + 1_000),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(
        app, host="127.0.0.1", port=parser.parse_args().port, loop="uvloop", http="httptools", access_log=False,
        log_level="warning",
    )
