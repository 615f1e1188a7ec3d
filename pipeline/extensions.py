"""The extensions, made once and bound to an app by `create_app`."""

from typing import Any

from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from pipeline.models.base import Base
from pipeline.sessions import ReadingSession

db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": ReadingSession, "expire_on_commit": False})
sign_in = LoginManager()
csrf = CSRFProtect()
compress = Compress()
limiter = Limiter(key_func=get_remote_address)

EngineOptions = dict[str, Any]
