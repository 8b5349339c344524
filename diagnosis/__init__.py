"""The public business quiz: which stage is your business at?"""
