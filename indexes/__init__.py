"""What an index is: records, pictures, text and vectors, shared by the service and the offline build."""
