from django.apps import AppConfig


class ConversationConfig(AppConfig):
    name = "servicedesk.conversation"
    label = "conversation"
