"""What stands in the API's description as an example; docs/api.md tells the same story."""

CUSTOMER_SENT = {
    "source": "mycart",
    "external_id": "1042",
    "email": "kayo@example.jp",
    "name": "山口 佳代",
    "kana": "やまぐち かよ",
}
CUSTOMER = {
    "id": 512,
    "identities": [{"source": "mycart", "external_id": "1042"}],
    "name": "山口 佳代",
    "kana": "やまぐち かよ",
    "email": "kayo@example.jp",
    "locale": "",
    "created_at": "2026-05-10T12:00:00+09:00",
}
PURCHASE_SENT = {
    "source": "mycart",
    "external_id": "A-20260510-7",
    "customer": {"external_id": "1042", "email": "kayo@example.jp", "name": "山口 佳代"},
    "ordered_at": "2026-05-10T12:00:00+09:00",
    "total": "8640",
    "status": "paid",
    "lines": [{"product": "常滑の急須", "code": "T-12", "quantity": 1}],
}
PURCHASE = {
    "id": 2048,
    "source": "mycart",
    "external_id": "A-20260510-7",
    "customer": 512,
    "ordered_at": "2026-05-10T12:00:00+09:00",
    "total": "8640.00",
    "currency": "JPY",
    "refunded": "0.00",
    "status": "paid",
    "delivered_at": None,
    "channel": "",
    "subscription_id": "",
    "subscription_no": None,
    "lines": [{"product": "常滑の急須", "code": "T-12", "quantity": 1}],
}
