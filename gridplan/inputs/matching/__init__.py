"""What tables say of each other: names that stand for ids, ids made of names, frames that do not fit."""
