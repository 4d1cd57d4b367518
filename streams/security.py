"""How clients get into Kafka: the same settings as keyword arguments for aiokafka and as Faust's credentials."""

import ssl
from typing import Any

import faust

from streams.errors import SettingsError
from streams.settings import KafkaSettings

__all__ = ["client_options", "faust_credentials"]


def client_options(kafka: KafkaSettings) -> dict[str, Any]:
    """Return what every aiokafka client needs to connect; SettingsError if a file can't be used."""
    options: dict[str, Any] = {
        "bootstrap_servers": kafka.bootstrap,
        "security_protocol": kafka.security,
        "ssl_context": _ssl_context(kafka),
    }
    if kafka.security.startswith("SASL"):
        options |= {
            "sasl_mechanism": kafka.mechanism,
            "sasl_plain_username": kafka.username,
            "sasl_plain_password": _password(kafka),
        }
    return options


def faust_credentials(kafka: KafkaSettings) -> Any:
    """Return Faust's credentials, None where none are needed."""
    context = _ssl_context(kafka)
    if kafka.security.startswith("SASL"):
        return faust.SASLCredentials(
            username=kafka.username, password=_password(kafka), ssl_context=context, mechanism=kafka.mechanism
        )
    return None if context is None else faust.SSLCredentials(context)


def _ssl_context(kafka: KafkaSettings) -> ssl.SSLContext | None:
    if not kafka.security.endswith("SSL"):
        return None
    try:
        context = ssl.create_default_context(cafile=kafka.ca_file)
        if kafka.cert_file:
            context.load_cert_chain(kafka.cert_file, kafka.key_file)
    except OSError as error:  # ssl.SSLError is one
        files = ", ".join(str(path) for path in (kafka.ca_file, kafka.cert_file, kafka.key_file) if path)
        raise SettingsError(f"TLS for Kafka ({files}): {error.strerror or error}") from None
    return context


def _password(kafka: KafkaSettings) -> str:
    if kafka.password_file is None:
        return kafka.password.get_secret_value() if kafka.password else ""
    try:
        return kafka.password_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"BAYPULSE_KAFKA_PASSWORD_FILE: can't read {kafka.password_file}: {error}"
        raise SettingsError(msg) from None
