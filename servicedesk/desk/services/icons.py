"""The pictures a service may wear, by what they are about; names of lucide."""

from __future__ import annotations

ICONS = (
    # Machines and access
    "laptop", "monitor", "smartphone", "headphones", "keyboard", "mouse", "printer", "server",
    "hard-drive", "wifi", "cable", "plug", "battery-charging", "cloud", "code", "bug", "database",
    "key-round", "lock", "shield", "user-plus", "user-minus", "user-check", "id-card",
    # People and travel
    "users", "handshake", "heart", "graduation-cap", "baby", "umbrella", "stethoscope", "gift",
    "plane", "train-front", "car", "bike", "map-pin", "globe", "languages", "briefcase",
    # Rooms and things
    "building-2", "house", "door-open", "armchair", "lamp", "thermometer", "coffee", "utensils",
    "wrench", "hammer", "paintbrush", "package", "truck", "trash-2", "recycle", "leaf", "siren",
    # Money, buying and law
    "shopping-cart", "receipt", "wallet", "credit-card", "landmark", "banknote", "calculator",
    "piggy-bank", "percent", "file-text", "file-check", "scale", "gavel", "stamp",
    # Words, pictures and figures
    "megaphone", "newspaper", "mic", "mail", "phone", "message-circle", "camera", "image",
    "pen-tool", "palette", "presentation", "book-open", "folder", "table", "chart-column",
    "chart-line", "calendar", "clock", "download", "upload", "eye", "bell", "star", "sparkles",
    "compass", "life-buoy", "badge-check", "circle-question-mark",
)  # fmt: skip
