"""products/location.py: which tensors share memory, and what calls write."""

import torch

from landtheory.deep.products.location import Location, written_arguments

aten = torch.ops.aten


def test_views_share_their_home_and_copies_do_not() -> None:
    x = torch.ones(4, 3)
    whole = Location.of(x)
    assert Location.of(x.T).home == Location.of(x[1:]).home == whole.home
    assert Location.of(x.detach()) == whole
    assert Location.of(x.clone()).home != whole.home
    assert Location.of(x[1:]).offset == 3


def test_layouts_tell_transposes_dtypes_and_devices_apart() -> None:
    x = torch.ones(3, 3)
    layout = Location.of(x).layout
    assert Location.of(x.clone()).layout == layout
    for other in (x.T, x.double(), x.to("meta"), x[:2]):
        assert Location.of(other).layout != layout


def test_row_major_is_contiguous() -> None:
    x = torch.ones(2, 3, 4)
    for tensor in (x, x[:1], x[:, :1], x.transpose(0, 1), x[:, :, :2], x[1], x[..., 0]):
        assert Location.of(tensor).is_row_major == tensor.is_contiguous()


def test_calls_say_what_they_write() -> None:
    assert written_arguments(aten.add.Tensor) == ()
    assert written_arguments(aten.add_.Tensor) == ((0, "self"),)
    assert written_arguments(aten.add.out)[0][1] == "out"
    assert written_arguments(aten._foreach_add_.List) == ((0, "self"),)
    assert written_arguments(len) == ()
