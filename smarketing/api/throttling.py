"""How much one token may ask. Counted in Redis; when Redis is down everybody may go on, since the database protects itself."""

from __future__ import annotations

import logging
from typing import Any

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

logger = logging.getLogger(__name__)


class PerMinute(UserRateThrottle):
    """Enough for a busy connection, too little for a runaway loop; see DEFAULT_THROTTLE_RATES."""

    scope = "minute"

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError):
            logger.warning("The API's limits cannot be counted: Redis does not answer.")
            return True
